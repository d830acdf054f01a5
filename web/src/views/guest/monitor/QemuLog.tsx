// What a VM's QEMU has printed: since its last start, and in the runs before.
import { Select } from '@mantine/core'
import { IconDownload, IconRefresh } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useApiAt } from '../../../api/hooks'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { ActButton } from '../../../ui/ActButton'
import { Loaded, Toolbar } from '../../../ui/parts'
import classes from './monitor.module.css'

const LINES = 20_000
const EVERY_MS = 5000

export function QemuLog({ guest }: { guest: Guest }) {
  const [age, setAge] = useState('0')
  const query = useApiAt<{ n: number; t: string }[]>('/pleiad/nodes/{node}/qemu/{vmid}/log', { node: guest.node, vmid: guest.vmid, limit: LINES, age }, { refetchInterval: age === '0' ? EVERY_MS : false })
  const text = query.data?.map(({ t }) => t).join('\n') ?? ''
  return (
    <div className={classes.monitor}>
      <Toolbar>
        <Select
          aria-label={i18n._('Run')} value={age} onChange={(next) => setAge(next ?? '0')} allowDeselect={false}
          data={[{ value: '0', label: i18n._('Latest run') }, ...[1, 2, 3].map((n) => ({ value: String(n), label: i18n._('{n, plural, one {# run before} other {# runs before}}', { n }) }))]}
        />
        <ActButton icon={IconRefresh} onClick={() => void query.refetch()}>{i18n._('Reload')}</ActButton>
        <ActButton icon={IconDownload} onClick={() => save(`qemu-${guest.vmid}.log`, text)} why={text === '' && i18n._('It is empty')}>{i18n._('Download')}</ActButton>
      </Toolbar>
      <Loaded query={query} lines={10}>{() => <Output text={text} />}</Loaded>
    </div>
  )
}

function Output({ text }: { text: string }) {
  const output = useRef<HTMLPreElement>(null)
  useEffect(() => {
    output.current?.scrollTo({ top: output.current.scrollHeight })
  }, [text])
  return <pre className={classes.output} ref={output} tabIndex={0} role="log" aria-label={i18n._('QEMU Log')}>{text || <span className="dim">{i18n._('QEMU has printed nothing.')}</span>}</pre>
}

function save(name: string, text: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
