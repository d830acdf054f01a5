// By what a node proves who it is.
import { useApiAt } from '../../api/hooks'
import { i18n } from '../../i18n'
import { moment } from '../../lib/format'
import { Facts, Loaded, Panel, useNow } from '../../ui/parts'
import classes from './node.module.css'

interface Certificate {
  filename: string
  fingerprint: string
  issuer: string
  subject: string
  notbefore: number
  notafter: number
  'public-key-type'?: string
  'public-key-bits'?: number
  san?: string[]
}

const SOON_S = 30 * 86_400

export function Certificates({ node }: { node: string }) {
  const query = useApiAt<Certificate[]>('/nodes/{node}/certificates/info', { node })
  return (
    <Loaded query={query} lines={8}>
      {(all) => <div className={classes.stack}>{all.map((one) => <Shown key={one.filename} certificate={one} />)}</div>}
    </Loaded>
  )
}

function Shown({ certificate }: { certificate: Certificate }) {
  const { filename, fingerprint, issuer, subject, notbefore, notafter, san = [] } = certificate
  const type = certificate['public-key-type']
  return (
    <Panel title={<code>{filename}</code>}>
      <Facts
        rows={[
          [i18n._('Subject'), subject],
          [i18n._('Issuer'), issuer],
          [i18n._('Valid since'), moment(notbefore)],
          [i18n._('Expires'), <Expiry key="end" at={notafter} />],
          [i18n._('Names'), san.join(', ') || '–'],
          type !== undefined && [i18n._('Public key'), i18n._('{type}, {bits} bits', { type, bits: certificate['public-key-bits'] ?? 0 })],
          [i18n._('Fingerprint (SHA-256)'), <code key="print">{fingerprint}</code>],
        ]}
      />
    </Panel>
  )
}

function Expiry({ at }: { at: number }) {
  const left = at - useNow(false) / 1000
  if (left < 0) return <span className={classes.bad}>{i18n._('{when}: expired', { when: moment(at) })}</span>
  if (left < SOON_S) return <span className={classes.warn}>{i18n._('{when}, in {days, plural, one {# day} other {# days}}', { when: moment(at), days: Math.floor(left / 86_400) })}</span>
  return moment(at)
}
