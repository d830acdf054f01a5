// What a VM shows on its screen now, small; a click opens the console.
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useMay } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import type { Guest } from '../../../api/resources'
import { i18n } from '../../../i18n'
import { Panel } from '../../../ui/parts'
import { isRunning } from '../power'
import classes from './summary.module.css'

const EVERY_MS = 10_000
const PATH = '/pleiad/nodes/{node}/qemu/{vmid}/screenshot'

/** Whether there is a picture to show of a guest. */
export function useHasScreen(guest: Guest): boolean {
  const may = useMay(`/vms/${guest.vmid}`)('VM.Console')
  return offers(`get ${PATH}`) && guest.type === 'qemu' && isRunning(guest) && may
}

export function Screen({ guest }: { guest: Guest }) {
  const [shown, setShown] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)
  const { node, vmid } = guest
  useEffect(() => {
    const source = `/api2/json${PATH.replace('{node}', encodeURIComponent(node)).replace('{vmid}', String(vmid))}`
    let ended = false
    const load = async () => {
      if (document.visibilityState !== 'visible') return
      const picture = await fetch(source, { cache: 'no-store' }).then((answer) => (answer.ok ? answer.blob() : null), () => null)
      if (ended) return
      setFailed(picture === null)
      // The picture before stays until the next one is here: nothing flickers.
      if (picture) setShown(URL.createObjectURL(picture))
    }
    void load()
    const timer = setInterval(() => void load(), EVERY_MS)
    return () => {
      ended = true
      clearInterval(timer)
    }
  }, [node, vmid])
  // What is not shown any more is let go.
  useEffect(() => () => {
    if (shown) URL.revokeObjectURL(shown)
  }, [shown])
  return (
    <Panel title={i18n._('Screen')}>
      <Link to="/guest/$vmid/$tab" params={{ vmid: String(guest.vmid), tab: 'console' }} className={classes.screen} aria-label={i18n._('Open the console')}>
        {shown && !failed && <img src={shown} alt={i18n._('Screen of VM {vmid}', { vmid: guest.vmid })} />}
        {failed && <span>{i18n._('There is no picture of the screen')}</span>}
      </Link>
    </Panel>
  )
}
