interface Props {
  node?: string
  close: () => void
}

export function ContainerWizard(_: Props) {
  return null
}
