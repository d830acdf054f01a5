// Privileges by what they are about, for checklists.

/** Privileges in groups, each named by the first part of theirs: `VM.Config.CPU` is in `VM.Config`, `VM.Audit` in `VM`. */
export function groupPrivileges(privileges: Iterable<string>): [group: string, privileges: string[]][] {
  const groups = new Map<string, string[]>()
  for (const privilege of [...privileges].sort()) {
    const parts = privilege.split('.')
    const group = parts.slice(0, Math.max(1, parts.length - 1)).join('.')
    groups.set(group, [...(groups.get(group) ?? []), privilege])
  }
  // A group of one that lies in another (`VM.Snapshot.Rollback`) needs no heading of its own.
  for (const [group, members] of groups) {
    const parent = group.slice(0, Math.max(0, group.lastIndexOf('.')))
    const wider = groups.get(parent)
    if (members.length === 1 && wider) {
      groups.set(parent, [...wider, ...members].sort())
      groups.delete(group)
    }
  }
  return [...groups]
}
