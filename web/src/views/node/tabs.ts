import type { Tab } from '../../ui/Tabs'

export type Props = { node: string }

export const tabs: readonly Tab<Props>[] = []
