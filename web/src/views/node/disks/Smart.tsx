// What a disk says of its health.
import { useApiAt } from '../../../api/hooks'
import { i18n } from '../../../i18n'
import { DataTable, type Column } from '../../../ui/DataTable'
import { Facts, Loaded } from '../../../ui/parts'
import classes from '../node.module.css'
import { failing, type Attribute } from './disks'

interface Health {
  health: string
  type?: 'ata' | 'text'
  attributes?: Attribute[]
  text?: string
  wearout?: number
}

const HEIGHT = '56dvh'

export function Smart({ node, disk }: { node: string; disk: string }) {
  const query = useApiAt<Health>('/nodes/{node}/disks/smart', { node, disk })
  return (
    <Loaded query={query} lines={12}>
      {(told) => (
        <div className={classes.stack}>
          <Facts
            rows={[
              [i18n._('Health'), <span key="health" className={/fail/i.test(told.health) ? classes.bad : undefined}>{told.health}</span>],
              told.wearout !== undefined && [i18n._('Life left'), `${told.wearout} %`],
            ]}
          />
          {told.attributes && told.attributes.length > 0
            ? <DataTable label={i18n._('S.M.A.R.T. values')} rows={told.attributes} columns={columnsOf()} id={(row) => `${row.id} ${row.name}`} tone={(row) => (failing(row) ? 'bad' : undefined)} height={HEIGHT} />
            : <pre className={classes.file}>{told.text?.trim() || i18n._('The disk says no more than this.')}</pre>}
        </div>
      )}
    </Loaded>
  )
}

function columnsOf(): Column<Attribute>[] {
  return [
    { id: 'id', header: i18n._('ID'), accessorFn: (row) => Number(row.id), numeric: true, width: 50 },
    { id: 'name', header: i18n._('Attribute'), accessorFn: (row) => row.name },
    { id: 'value', header: i18n._('Value'), accessorFn: (row) => row.value, numeric: true, width: 70 },
    { id: 'worst', header: i18n._('Worst'), accessorFn: (row) => row.worst, numeric: true, width: 70 },
    { id: 'threshold', header: i18n._('Threshold'), accessorFn: (row) => row.threshold, numeric: true, width: 90 },
    { id: 'fail', header: i18n._('Failing'), accessorFn: (row) => (row.fail === '-' ? '' : row.fail), width: 110 },
    { id: 'raw', header: i18n._('Raw value'), accessorFn: (row) => row.raw, width: 150 },
  ]
}
