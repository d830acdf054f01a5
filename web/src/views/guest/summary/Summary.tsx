// What a guest does now, and has done.
import type { Guest } from '../../../api/resources'
import { Columns } from '../../../ui/parts'
import { GuestCharts } from './GuestCharts'
import { GuestNotes } from './GuestNotes'
import { GuestStatus } from './GuestStatus'
import { Screen, useHasScreen } from './Screen'
import classes from './summary.module.css'

export function Summary({ guest }: { guest: Guest }) {
  const screen = useHasScreen(guest)
  return (
    <>
      <Columns>
        <GuestStatus guest={guest} />
        <div className={classes.side}>
          {screen && <Screen guest={guest} />}
          <GuestNotes guest={guest} />
        </div>
      </Columns>
      <GuestCharts guest={guest} />
    </>
  )
}
