// The page's side of the Content-Security-Policy that the server sends (crates/pleiad/src/proxy/assets/policy.rs).

/** The random value of this page, which the policy names. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce

// xterm, and the lock on scrolling behind a dialog, write style elements while they run. What scripts of ours make may
// stay; markup that came from elsewhere is not made by this call and carries no nonce.
if (nonce) {
  const create = document.createElement.bind(document)
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options)
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    return element
  }) as typeof document.createElement
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown
}

// Text becomes markup nowhere in this page. A library sets the text of a style element by `innerHTML`, which is no
// markup; anything that could be is refused, whoever asks.
const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('markup from text is not allowed')
    return text
  },
})
