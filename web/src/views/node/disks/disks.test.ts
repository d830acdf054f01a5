import { expect, it } from 'vitest'
import { changeable, failing, isUnused, wearoutOf, type Attribute, type Disk } from './disks'

const disk = (more: Partial<Disk>): Disk => ({ devpath: '/dev/sda', size: 1, ...more })
const attribute = (more: Partial<Attribute>): Attribute => ({ id: '  5', name: 'x', flags: '', value: 100, worst: 100, threshold: 10, fail: '-', raw: '0', ...more })

it('a disk that is used or mounted is not offered for something else', () => {
  expect([disk({}), disk({ used: 'LVM' }), disk({ mounted: 1 })].map(isUnused)).toEqual([true, false, false])
  expect([disk({ used: 'LVM' }), disk({ mounted: true })].map(changeable)).toEqual([true, false])
})

it('tells how much of its life is left only where it is known', () => {
  expect([disk({ wearout: 93 }), disk({ wearout: 'N/A' }), disk({})].map(wearoutOf)).toEqual(['93 %', '', ''])
})

it('marks values that a disk calls bad', () => {
  expect([{}, { fail: 'FAILING_NOW' }, { value: 10 }, { threshold: 0, value: 0 }].map((more) => failing(attribute(more)))).toEqual([false, true, true, false])
})
