// Tests speak English, the language of the messages themselves.
import { i18n } from '@lingui/core'

i18n.loadAndActivate({ locale: 'en', messages: {} })
