import { Autocomplete, Button, Group, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { request } from '../../api/call'
import { i18n } from '../../i18n'
import { runTask } from '../../shell/tasks'
import { openDialog } from '../../ui/dialogs'
import { explain, Form } from '../../ui/Form'
import classes from './storage.module.css'
import type { Place } from './Upload'

/** Asks for an image of an application that the node fetches from its registry. */
export function openOciPull(place: Place, after: () => void): void {
  openDialog(i18n._('Pull image to {storage}', { storage: place.storage }), (close) => <PullForm place={place} done={() => { after(); close() }} />)
}

/** `[HOST[:PORT]/]REPOSITORY`, without a tag. */
const REPOSITORY = /^([a-zA-Z\d.-]+(:\d+)?\/)?[a-z\d]+([._/-]+[a-z\d]+)*$/
const TAG = /^\w[\w.-]{0,127}$/

/** The tags that a registry has of an image. */
function useTags(node: string) {
  const [tags, setTags] = useState<string[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const ask = async (reference: string) => {
    setBusy(true)
    setProblem(null)
    try {
      setTags((await request('get', '/nodes/{node}/query-oci-repo-tags', { node, reference })) as string[])
    } catch (error) {
      setTags([])
      setProblem(explain(error))
    } finally {
      setBusy(false)
    }
  }
  return { tags, problem, busy, ask }
}

function PullForm({ place: { node, storage }, done }: { place: Place; done: () => void }) {
  const { tags, problem, busy, ask } = useTags(node)
  return (
    <Form
      initial={{ reference: '', tag: 'latest', filename: '' }}
      validate={({ reference, tag }) => ({
        ...(!REPOSITORY.test(reference.trim()) && { reference: i18n._('Such as docker.io/library/nginx, without a tag') }),
        ...(!TAG.test(tag.trim()) && { tag: i18n._('Such as latest') }),
      })}
      submit={async ({ reference, tag, filename }) => {
        const image = `${reference.trim()}:${tag.trim()}`
        const begun = await request('post', '/nodes/{node}/storage/{storage}/oci-registry-pull', { node, storage, reference: image, filename: filename.trim() || undefined })
        void runTask(i18n._('Pull {image}', { image }), () => Promise.resolve(begun))
      }}
      action={i18n._('Pull')}
      done={done}
    >
      {(form) => (
        <>
          <Group gap="xs" align="start" wrap="nowrap" className={classes.beside}>
            <TextInput style={{ flex: 1 }} label={i18n._('Image')} placeholder="docker.io/library/nginx" data-autofocus spellCheck={false} autoCapitalize="off" {...form.getInputProps('reference')} />
            <Button variant="default" loading={busy} onClick={() => (REPOSITORY.test(form.values.reference.trim()) ? void ask(form.values.reference.trim()) : form.setFieldError('reference', i18n._('Such as docker.io/library/nginx, without a tag')))}>{i18n._('Query tags')}</Button>
          </Group>
          <Text size="sm" role="status" className={problem ? classes.warning : 'dim'}>
            {problem ?? (tags.length > 0 ? i18n._('{n, plural, one {# tag} other {# tags}}', { n: tags.length }) : i18n._('Query tags asks the registry what there is'))}
          </Text>
          <Autocomplete label={i18n._('Tag')} data={tags} limit={100} spellCheck={false} {...form.getInputProps('tag')} />
          <TextInput label={i18n._('File name')} description={i18n._('By image and tag when empty')} spellCheck={false} {...form.getInputProps('filename')} />
        </>
      )}
    </Form>
  )
}
