// Opens the wizards. They are loaded when they are wanted.
import { createElement, lazy, Suspense } from 'react'
import { i18n } from '../../i18n'
import { openDialog } from '../../ui/dialogs'

const VmWizard = lazy(() => import('./VmWizard').then((module) => ({ default: module.VmWizard })))
const ContainerWizard = lazy(() => import('./ContainerWizard').then((module) => ({ default: module.ContainerWizard })))

/** Asks for a new VM, on a node if it is known already. */
export const createVm = (node?: string) =>
  openDialog(i18n._('Create VM'), (close) => createElement(Suspense, null, createElement(VmWizard, { node, close })), 'xl')

/** Asks for a new container. */
export const createContainer = (node?: string) =>
  openDialog(i18n._('Create container'), (close) => createElement(Suspense, null, createElement(ContainerWizard, { node, close })), 'xl')
