// Disks as a node lists them.

export interface Disk {
  devpath: string
  size: number
  type?: string
  used?: string
  gpt?: number | boolean
  mounted?: number | boolean
  model?: string
  serial?: string
  vendor?: string
  wwn?: string
  health?: string
  /** How much of its life is left, percent; `N/A` when it does not say. */
  wearout?: number | string
  parent?: string
}

/** Whether nothing is on it. */
export const isUnused = ({ used, mounted }: Disk) => !used && !mounted

/** Whether it could be emptied at all. */
export const changeable = ({ mounted }: Disk) => !mounted

/** `93 %`, and nothing where it is not known. */
export const wearoutOf = ({ wearout }: Disk): string => (typeof wearout === 'number' ? `${wearout} %` : '')

/** A line of the S.M.A.R.T. table. */
export interface Attribute {
  id: string
  name: string
  flags: string
  value: number
  worst: number
  threshold: number
  fail: string
  raw: string
}

/** Whether a disk calls a value bad, now or once. */
export const failing = ({ fail, value, threshold }: Attribute): boolean => (fail !== '' && fail !== '-') || (threshold > 0 && value <= threshold)
