// Notes of a node, in Markdown.
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconPencil } from '@tabler/icons-react'
import { request } from '../../api/call'
import { useApiAt, useMay } from '../../api/hooks'
import { i18n } from '../../i18n'
import { openDialog } from '../../ui/dialogs'
import { Markdown } from '../../ui/Markdown'
import { Loaded, Panel } from '../../ui/parts'
import { NotesForm } from '../datacenter/Notes'

export function NodeNotes({ node }: { node: string }) {
  const query = useApiAt<{ description?: string; digest?: string }>('/nodes/{node}/config', { node })
  const may = useMay('/')('Sys.Modify')
  const queries = useQueryClient()
  const text = query.data?.description ?? ''
  const edit = () =>
    openDialog(i18n._('Notes of {node}', { node }), (close) => (
      <NotesForm
        text={text}
        submit={(description) => request('put', '/nodes/{node}/config', { node, ...(description === '' ? { delete: 'description' } : { description }) })}
        done={() => {
          void queries.invalidateQueries({ queryKey: [`/nodes/${encodeURIComponent(node)}/config`] })
          close()
        }}
      />
    ), 'xl')
  return (
    <Panel title={i18n._('Notes')} tools={may && <Button variant="subtle" leftSection={<IconPencil size={15} />} onClick={edit}>{i18n._('Edit')}</Button>}>
      <Loaded query={query}>
        {() => (text === '' ? <p className="dim">{i18n._('No notes. They can say where the machine stands and whom to call.')}</p> : <Markdown text={text} />)}
      </Loaded>
    </Panel>
  )
}
