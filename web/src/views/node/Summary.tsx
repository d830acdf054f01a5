// What a node is, how it is, and how it was.
import type { ReactNode } from 'react'
import { useApi } from '../../api/hooks'
import type { Data } from '../../api/call'
import { useResource } from '../../api/resources'
import { i18n } from '../../i18n'
import { bytes, duration, percent, rate } from '../../lib/format'
import { Chart, Charts, TimeframeSelect, useTimeframe, type ChartRow, type Series } from '../../ui/Chart'
import { Columns, Facts, Loaded, Meter, Panel } from '../../ui/parts'
import classes from './node.module.css'

type Status = Data<'/nodes/{node}/status'>

const STATUS_MS = 5000
const SERIES_MS = 30_000

export function Summary({ node }: { node: string }) {
  const status = useApi('/nodes/{node}/status', { node }, { refetchInterval: STATUS_MS })
  return (
    <div className={classes.stack}>
      <Columns>
        <Panel title={i18n._('Use')}><Loaded query={status} lines={10}>{(now) => <Use node={node} now={now} />}</Loaded></Panel>
        <Panel title={i18n._('System')}><Loaded query={status} lines={10}>{(now) => <System now={now} />}</Loaded></Panel>
      </Columns>
      <History node={node} />
    </div>
  )
}

function Use({ node, now }: { node: string; now: Status }) {
  // The row tells the processor's use sooner than the status is read again.
  const row = useResource(`node/${node}`)
  const cpu = row?.cpu ?? now.cpu
  const { cpus } = now.cpuinfo
  return (
    <>
      <Meter label={i18n._('CPU')} used={cpu * cpus} total={cpus} format={(value) => value.toLocaleString(i18n.locale || 'en', { maximumFractionDigits: 2 })} />
      <Meter label={i18n._('Memory')} used={row?.mem ?? now.memory.used} total={now.memory.total} />
      <Meter label={i18n._('Root file system')} used={now.rootfs.used} total={now.rootfs.total} />
      {now.swap.total > 0 && <Meter label={i18n._('Swap')} used={now.swap.used} total={now.swap.total} />}
      <Facts
        rows={[
          [i18n._('Load average'), <span key="load" title={i18n._('Over 1, 5 and 15 minutes')}>{now.loadavg.join(', ')}</span>],
          [i18n._('IO delay'), percent(now.wait)],
          now.swap.total === 0 && [i18n._('Swap'), i18n._('none')],
          [i18n._('KSM sharing'), bytes(now.ksm.shared)],
          [i18n._('Uptime'), duration(row?.uptime ?? now.uptime)],
        ]}
      />
    </>
  )
}

function System({ now }: { now: Status }) {
  const { cpuinfo: cpu, kvm } = now
  const boot = now['boot-info']
  return (
    <Facts
      rows={[
        [i18n._('CPU'), i18n._('{cpus} × {model}', { cpus: cpu.cpus, model: cpu.model })],
        [i18n._('Sockets'), i18n._('{sockets, plural, one {# socket} other {# sockets}}, {cores, plural, one {# core} other {# cores}}', { sockets: cpu.sockets, cores: cpu.cores })],
        [i18n._('Virtualization'), <Virtualization key="kvm" kvm={kvm} />],
        [i18n._('Kernel version'), now.kversion],
        [i18n._('Architecture'), now['current-kernel'].machine],
        [i18n._('Boot mode'), bootMode(boot.mode, boot.secureboot === 1)],
        [i18n._('Interface version'), now.pveversion],
      ]}
    />
  )
}

const bootMode = (mode: string, secure: boolean) => (mode === 'efi' ? (secure ? i18n._('EFI, secure boot') : 'EFI') : i18n._('Legacy BIOS'))

/** Whether guests run at the speed of the processor; if not, why. */
function Virtualization({ kvm }: { kvm: Status['kvm'] }): ReactNode {
  if (kvm.usable) return i18n._('KVM: guests run at full speed')
  return (
    <>
      <strong className={classes.warn}>{i18n._('Software emulation (TCG): VMs are slow')}</strong>
      {kvm.reason && (
        <details className={classes.reason}>
          <summary>{i18n._('Why not KVM')}</summary>
          <span>{kvm.reason}</span>
        </details>
      )}
    </>
  )
}

const share = (key: string) => (row: ChartRow) => {
  const value = row[key]
  return typeof value === 'number' ? value / 100 : null
}

function History({ node }: { node: string }) {
  const [timeframe, setTimeframe] = useTimeframe()
  const { data } = useApi('/nodes/{node}/rrddata', { node, ...timeframe }, { refetchInterval: SERIES_MS, placeholderData: (before) => before })
  const chart = (title: string, series: Series[], format: (value: number) => string, atLeast?: number) => (
    <Chart title={title} series={series} data={data} format={format} atLeast={atLeast} />
  )
  const some = i18n._('Some')
  const full = i18n._('Full')
  const plain = (value: number) => value.toLocaleString(i18n.locale || 'en', { maximumFractionDigits: 2 })
  return (
    <>
      <div className={classes.frame}><TimeframeSelect value={timeframe} onChange={setTimeframe} /></div>
      <Charts>
        {chart(i18n._('CPU usage'), [{ label: i18n._('CPU usage'), key: 'cpu' }, { label: i18n._('IO delay'), key: 'iowait' }], percent, 0.05)}
        {chart(i18n._('Server load'), [{ label: i18n._('Load average'), key: 'loadavg' }], plain, 1)}
        {chart(i18n._('Memory usage'), [{ label: i18n._('Total'), key: 'memtotal' }, { label: i18n._('In use'), key: 'memused' }, { label: i18n._('Available'), key: 'memavailable' }], bytes)}
        {chart(i18n._('Network traffic'), [{ label: i18n._('Incoming'), key: 'netin' }, { label: i18n._('Outgoing'), key: 'netout' }], rate, 1024)}
        {chart(i18n._('CPU pressure'), [{ label: some, of: share('pressurecpusome') }], percent, 0.05)}
        {chart(i18n._('IO pressure'), [{ label: some, of: share('pressureiosome') }, { label: full, of: share('pressureiofull') }], percent, 0.05)}
        {chart(i18n._('Memory pressure'), [{ label: some, of: share('pressurememorysome') }, { label: full, of: share('pressurememoryfull') }], percent, 0.05)}
        {chart(i18n._('Root file system'), [{ label: i18n._('Size'), key: 'roottotal' }, { label: i18n._('Used'), key: 'rootused' }], bytes)}
      </Charts>
    </>
  )
}
