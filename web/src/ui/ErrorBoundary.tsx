import { Component, type ReactNode } from 'react'
import { Problem } from './parts'

/** Keeps a view that fails from taking the page with it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }
  static getDerivedStateFromError = (error: unknown) => ({ error })
  override render() {
    if (this.state.error === null) return this.props.children
    return <Problem error={this.state.error} retry={() => this.setState({ error: null })} />
  }
}
