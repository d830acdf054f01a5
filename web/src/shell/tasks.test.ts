import { beforeEach, describe, expect, it } from 'vitest'
import { i18n } from '../i18n'
import { TaskLog, verdict } from './taskLog'
import { outcomeOf, parseUpid, taskName } from './taskNames'

beforeEach(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))

const UPID = 'UPID:n1:00000812:0012C8F5:6B0452C7:qmcreate:73105:root@pam!first:'

describe('names of tasks', () => {
  it('takes a name apart', () => {
    expect(parseUpid(UPID)).toEqual({ node: 'n1', pid: 2066, pstart: 1231093, starttime: 1795445447, type: 'qmcreate', id: '73105', user: 'root@pam!first' })
  })
  it('reads escaped characters of an id', () => {
    expect(parseUpid(String.raw`UPID:n1:00000812:0012C8F5:6B0452C7:download:a\x3ab:root@pam:`)?.id).toBe('a:b')
  })
  it.each(['', 'UPID', 'UPID:n1:x:y:z:a:b:c:', `${UPID}x`])('refuses %j', (text) => expect(parseUpid(text)).toBeNull())
  it.each([
    ['qmstart', '100', 'VM 100 - Start'],
    ['vzstop', '200', 'CT 200 - Stop'],
    ['vzdump', '200', 'VM/CT 200 - Backup'],
    ['vzdump', '', 'Backup job'],
    ['imgdel', 'local', 'Storage local - Erase data'],
    ['download', 'a.iso', 'File a.iso - Download'],
    ['srvrestart', 'sshd', 'Service sshd - Restart'],
    ['aptupdate', '', 'Update package database'],
    ['vncshell', 'n1', 'Shell (n1)'],
    ['newthing', 'x', 'newthing (x)'],
    ['constructor', 'x', 'constructor (x)'],
  ])('calls %s of %j %j', (type, id, name) => expect(taskName(type, id)).toBe(name))
})

describe('how a task stands', () => {
  it.each([
    [{}, 'running'],
    [{ status: 'RUNNING' }, 'running'],
    [{ endtime: 1 }, 'error'],
    [{ status: 'OK', endtime: 1 }, 'ok'],
    [{ status: 'WARNINGS: 2', endtime: 1 }, 'warning'],
    [{ status: 'no space left', endtime: 1 }, 'error'],
  ] as const)('reads %j as %s', (row, outcome) => expect(outcomeOf(row)).toBe(outcome))
  it.each([
    ['TASK OK', 'ok', 'OK'],
    ['TASK WARNINGS: 3', 'warning', 'WARNINGS: 3'],
    ['TASK ERROR: no such disk', 'error', 'no such disk'],
    ['TASK ERROR: OK', 'error', 'OK'],
  ])('reads the last line %j', (line, outcome, status) => expect(verdict(line)).toEqual([outcome, status]))
  it('does not guess from another line', () => expect(verdict('cut off')).toBe(null))
})

describe('output', () => {
  it('takes lines again that it knows already', () => {
    const log = new TaskLog(UPID)
    log.take(0, ['a', 'b'], false)
    log.take(0, ['a', 'b', 'c'], false)
    log.take(3, ['d'], true)
    expect(log.state().lines).toEqual(['a', 'b', 'c', 'd'])
    expect(log.state().ended).toBe(true)
  })
})
