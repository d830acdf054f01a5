import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { i18n } from '../i18n'

export function NotFound() {
  return (
    <Text p="lg">
      {i18n._('There is no such page.')} <Anchor component={Link} to="/">{i18n._('To the summary of the datacenter')}</Anchor>
    </Text>
  )
}
