// Exchanges the image of an application that a container was made of.
import { Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { request } from '../../../api/call'
import { i18n } from '../../../i18n'
import { followInCorner, isUpid } from '../../../shell/tasks'
import { Form } from '../../../ui/Form'
import { guestPath } from '../config/useSettings'
import type { DialogProps } from '../hardware/DiskDialogs'
import { VolumeSelect } from '../hardware/VolumeSelect'

type Values = Record<string, string>

export const UPDATE_IMAGE = 'post /pleiad/nodes/{node}/lxc/{vmid}/update-image'

export function UpdateImage({ guest, close }: Pick<DialogProps, 'guest' | 'close'>) {
  const name = guest.name ?? String(guest.vmid)
  return (
    <Form<Values>
      initial={{ storage: '', file: '' }}
      validate={({ file }): Record<string, string> => (file ? {} : { file: i18n._('A value is needed') })}
      submit={async ({ file }) => {
        const answer = await request('post', `/pleiad${guestPath(guest)}/update-image`, { ostemplate: file })
        if (isUpid(answer)) followInCorner(i18n._('{name}: update image', { name }), answer)
      }}
      fieldOf={(parameter) => (parameter === 'ostemplate' ? 'file' : parameter)}
      done={close}
      danger
      action={i18n._('Update image')}
    >
      {(form) => <Body form={form} guest={guest} />}
    </Form>
  )
}

function Body({ form, guest }: { form: UseFormReturnType<Values>; guest: DialogProps['guest'] }) {
  return (
    <>
      <Text size="sm">{i18n._('The root disk is made anew of another image. What was written to it is lost; mount points, network, limits and variables that were changed stay.')}</Text>
      <VolumeSelect guest={guest} form={form} content="vztmpl" label={i18n._('Image')} />
    </>
  )
}
