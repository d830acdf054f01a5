import { expect, it } from 'vitest'
import { groupPrivileges } from './privileges'

it('privileges are grouped by what they are about', () => {
  const groups = groupPrivileges(['VM.Config.CPU', 'VM.Audit', 'Sys.Modify', 'VM.Config.Disk', 'VM.Snapshot', 'VM.Snapshot.Rollback'])
  expect(groups).toEqual([
    ['Sys', ['Sys.Modify']],
    ['VM', ['VM.Audit', 'VM.Snapshot', 'VM.Snapshot.Rollback']],
    ['VM.Config', ['VM.Config.CPU', 'VM.Config.Disk']],
  ])
})
it('none is lost', () => {
  const all = ['A.B', 'A.B.C', 'X', 'A.B.C.D']
  expect(groupPrivileges(all).flatMap(([, members]) => members).sort()).toEqual([...all].sort())
})
