import type { Tab } from '../../ui/Tabs'

export type Props = { pool: string }

export const tabs: readonly Tab<Props>[] = []
