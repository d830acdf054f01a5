import { expect, it } from 'vitest'
import { argv, isBinary, split, takes, trimmed, usual, zone } from './agentFacts'

it('splits a line into words as a shell does', () => {
  expect(split(`ls  -l "/a b" 'c "d' e\\ f ""`)).toEqual(['ls', '-l', '/a b', 'c "d', 'e f', ''])
  expect(split('  ')).toEqual([])
  expect(split(`'C:\\Users'`)).toEqual(['C:\\Users'])
})

it('runs what is typed by what the system has', () => {
  expect(argv('sh', 'df -h | sort')).toEqual(['/bin/sh', '-c', 'df -h | sort'])
  expect(argv('none', 'df -h')).toEqual(['df', '-h'])
  expect([usual({ id: 'mswindows' }), usual({ id: 'debian' }), usual(undefined)]).toEqual(['powershell', 'sh', 'sh'])
})

it('offers what the agent says that it takes', () => {
  const info = { version: '9', supported_commands: [{ name: 'guest-exec', enabled: false }, { name: 'guest-fstrim', enabled: true }] }
  expect([takes(info, 'exec'), takes(info, 'fstrim'), takes(info, 'file-open'), takes(undefined, 'exec')]).toEqual([false, true, false, false])
})

it('adds up what was trimmed, whether or not a file system says so', () => {
  expect(trimmed({ paths: [{ trimmed: 5 }, {}, { trimmed: 7 }] })).toBe(12)
  expect(trimmed(null)).toBe(0)
})

it('tells a time zone with its distance from UTC', () => {
  expect(zone({ zone: 'EET', offset: 7200 })).toBe('EET (UTC+02:00)')
  expect(zone({ offset: -12_600 })).toBe('UTC−03:30')
  expect(zone(undefined)).toBe('')
})

it('knows text from bytes', () => {
  expect([isBinary('Ελλάδα\n'), isBinary('a\uFFFDb'), isBinary('a\0b')]).toEqual([false, true, true])
})
