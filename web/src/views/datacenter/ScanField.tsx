// A field of a new storage that suggests what there is: volume groups of a node, exports and shares of a server.
import { Autocomplete, Loader, type AutocompleteProps } from '@mantine/core'
import { useState } from 'react'
import { useApiAt } from '../../api/hooks'
import { useNodes } from '../../api/resources'
import { i18n } from '../../i18n'
import { explain } from '../../ui/Form'
import { found, question, type Question } from './scan'

interface Props extends Omit<AutocompleteProps, 'data'> {
  type: string
  setting: string
  /** What the form says so far: where to look. */
  own: Readonly<Record<string, string>>
  /** Nodes that may use the storage; any when none is named. */
  nodes: readonly string[]
}

export function ScanField({ type, setting, own, nodes, description, ...field }: Props) {
  // Servers are not asked while their names are typed, but when this field is reached.
  const [asked, setAsked] = useState<Question | null>(null)
  const online = useNodes().filter((row) => row.status === 'online').map((row) => row.node ?? '')
  const node = online.find((one) => nodes.length === 0 || nodes.includes(one)) ?? nodes[0] ?? ''
  const query = useApiAt<Record<string, unknown>[]>(`/nodes/{node}/scan/${asked?.what ?? 'lvm'}`, { node, ...asked?.parameters }, { enabled: asked !== null && node !== '', staleTime: 0 })
  const data = asked ? [...new Set(found(asked.what, query.data ?? []))] : []
  const said = asked && query.error ? i18n._('{node} could not look: {why} Type it.', { node, why: `${explain(query.error).replace(/\.?$/, '.')}` })
    : asked && query.data && data.length === 0 ? i18n._('{node} found none. Type it.', { node }) : description
  return (
    <Autocomplete
      {...field}
      data={data}
      description={said}
      rightSection={query.isFetching ? <Loader size={14} aria-label={i18n._('Looking')} /> : undefined}
      onFocus={() => setAsked(question(type, setting, own))}
      comboboxProps={{ withinPortal: true }}
    />
  )
}
