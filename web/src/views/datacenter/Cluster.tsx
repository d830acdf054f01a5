import { useMemo } from 'react'
import type { Row } from '../../api/call'
import { useApi } from '../../api/hooks'
import { i18n } from '../../i18n'
import { DataTable, type Column } from '../../ui/DataTable'
import { Loaded } from '../../ui/parts'
import classes from './datacenter.module.css'

type Member = Row<'/cluster/status'>

/** Which nodes there are, and which of them answer. */
export function Cluster() {
  const status = useApi('/cluster/status', {}, { refetchInterval: 30_000 })
  const columns = useMemo(() => columnsFor(), [])
  return (
    <Loaded query={status}>
      {(members) => {
        const nodes = members.filter((member) => member.type === 'node')
        const cluster = members.find((member) => member.type === 'cluster')
        return (
          <div className={classes.fill}>
            <p role="status">
              {cluster
                ? i18n._('Cluster {name}: {online} of {all} nodes are online.', { name: cluster.name, online: nodes.filter((one) => one.online).length, all: nodes.length })
                : i18n._('This node is alone: it is in no cluster.')}
            </p>
            <DataTable label={i18n._('Nodes of the cluster')} rows={nodes} columns={columns} id={(node) => node.id} />
          </div>
        )
      }}
    </Loaded>
  )
}

const columnsFor = (): Column<Member>[] => [
  { id: 'name', header: i18n._('Node'), accessorFn: (node) => node.name },
  { id: 'nodeid', header: i18n._('ID'), accessorFn: (node) => node.nodeid, numeric: true, width: 70 },
  { id: 'ip', header: i18n._('Address'), accessorFn: (node) => node.ip ?? '' },
  { id: 'online', header: i18n._('Online'), accessorFn: (node) => (node.online ? i18n._('Yes') : i18n._('No')), width: 90 },
  { id: 'local', header: i18n._('Local'), accessorFn: (node) => (node.local ? i18n._('Yes') : i18n._('No')), width: 90 },
]
