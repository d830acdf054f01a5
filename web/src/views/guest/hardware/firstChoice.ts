import type { UseFormReturnType } from '@mantine/form'
import { useEffect } from 'react'

/** Takes the first of some choices while there is none. */
export function useFirstChoice(form: UseFormReturnType<Record<string, string>>, name: string, choices: readonly string[]) {
  const value = form.values[name]
  const first = choices[0]
  useEffect(() => {
    if (!value && first) form.setFieldValue(name, first)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the form is the same one
  }, [value, first, name])
}
