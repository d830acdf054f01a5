// What a guest does now, and has done.
import type { Guest } from '../../../api/resources'
import { Columns } from '../../../ui/parts'
import { GuestCharts } from './GuestCharts'
import { GuestNotes } from './GuestNotes'
import { GuestStatus } from './GuestStatus'

export function Summary({ guest }: { guest: Guest }) {
  return (
    <>
      <Columns>
        <GuestStatus guest={guest} />
        <GuestNotes guest={guest} />
      </Columns>
      <GuestCharts guest={guest} />
    </>
  )
}
