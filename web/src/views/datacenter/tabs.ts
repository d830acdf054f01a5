import type { Tab } from '../../ui/Tabs'

export type Props = object

export const tabs: readonly Tab<Props>[] = []
