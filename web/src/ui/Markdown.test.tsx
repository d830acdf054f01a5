import { render, screen, waitFor } from '@testing-library/react'
import { MantineProvider } from '@mantine/core'
import { expect, it } from 'vitest'
import { Markdown, safeUrl } from './Markdown'

it('links lead out or nowhere', () => {
  expect(safeUrl('https://example.org/a')).toBe('https://example.org/a')
  expect(safeUrl('mailto:a@b.c')).toBe('mailto:a@b.c')
  for (const bad of ['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', '/api2/json/nodes', '//evil.example', 'vbscript:x']) expect(safeUrl(bad)).toBe('')
})

it('what is hostile is text at most', async () => {
  const hostile = '# Notes\n\n<img src=x onerror=alert(1)> <script>alert(1)</script> [a](javascript:alert(1)) ![p](https://e.org/p.png) [b](https://e.org)'
  const { container } = render(<MantineProvider><Markdown text={hostile} /></MantineProvider>)
  await waitFor(() => expect(screen.getByText('Notes')).toBeTruthy(), { timeout: 5000 })
  expect(container.querySelector('img, script, [onerror]')).toBeNull()
  const links = [...container.querySelectorAll('a')]
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://e.org/p.png', 'https://e.org'])
  expect(links.every((link) => link.rel.includes('noopener'))).toBe(true)
})
