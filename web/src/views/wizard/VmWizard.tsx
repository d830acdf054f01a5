interface Props {
  node?: string
  close: () => void
}

export function VmWizard(_: Props) {
  return null
}
