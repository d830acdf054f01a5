import { Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { call, type Row } from '../../api/call'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { runTask } from '../../shell/tasks'
import type { Column } from '../../ui/DataTable'
import { openDialog } from '../../ui/dialogs'
import { ManagedTable } from '../datacenter/ManagedTable'
import { fileName } from './files'
import type { Place } from './Upload'

type Template = Row<'/nodes/{node}/aplinfo'>

/** Shows what the node can fetch or build for this kind of content. */
export function openTemplates(place: Place, volumes: readonly string[], after: () => void): void {
  openDialog(i18n._('Templates'), (close) => <Templates place={place} names={volumes.map(fileName)} done={() => { after(); close() }} />, 'xl')
}

function Templates({ place, names, done }: { place: Place; names: string[]; done: () => void }) {
  const query = useApi('/nodes/{node}/aplinfo', { node: place.node })
  const wanted = place.content === 'vztmpl' ? 'lxc' : 'qemu'
  const data = useMemo(() => query.data?.filter((one) => one.type === wanted), [query.data, wanted])
  const columns = useMemo(() => columnsFor(names), [names])
  const fetch = async ({ template }: Template) => {
    const begun = await runTask(i18n._('Template {name}', { name: template }), () =>
      call('post', '/nodes/{node}/aplinfo', { node: place.node, storage: place.storage, template }))
    if (begun) done()
  }
  return (
    <>
      <Text size="sm" className="dim" mb="xs">
        {i18n._('The node builds these from the packages of its own mirror; a template that it has built before is copied.')}
      </Text>
      <ManagedTable
        label={i18n._('Templates')}
        query={{ ...query, data }}
        columns={columns}
        id={(one) => one.template}
        sort={[{ id: 'headline', desc: true }]}
        height={300}
        actions={[{
          label: i18n._('Download'),
          icon: IconDownload,
          main: true,
          one: (one) => void fetch(one),
          why: (one) => names.includes(one.template) && i18n._('It is there already'),
        }]}
      />
    </>
  )
}

const columnsFor = (names: string[]): Column<Template>[] => [
  { id: 'headline', header: i18n._('Template'), accessorFn: (one) => one.headline },
  { id: 'template', header: i18n._('File'), accessorFn: (one) => one.template, width: 275 },
  { id: 'there', header: i18n._('There'), accessorFn: (one) => (names.includes(one.template) ? i18n._('Yes') : i18n._('No')), width: 70 },
]
