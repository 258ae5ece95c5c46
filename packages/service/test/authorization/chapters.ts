import * as matrix from './matrix.ts'
import * as situations from './situations.ts'
import { type Row, readTable } from './table.ts'

/** A table of the matrix with what its columns are. */
export interface Chapter {
  title: string
  about: string
  situations: readonly situations.Situation[]
  rows: readonly Row[]
}

export const chapters: readonly Chapter[] = [
  {
    title: 'Tokens, and moderators',
    about:
      'The first six call as one who owns the group and moderates, and so might do everything, were it not for the token.',
    situations: situations.tokens,
    rows: readTable(matrix.tokens, situations.tokens),
  },
  {
    title: 'Direct convos, from outside',
    about: 'For those who were never told of the convo.',
    situations: situations.directOutsiders,
    rows: readTable(matrix.directOutsiders, situations.directOutsiders),
  },
  {
    title: 'Direct convos, for their members',
    about: 'A convo that the other side has begun.',
    situations: situations.directMembers,
    rows: readTable(matrix.directMembers, situations.directMembers),
  },
  {
    title: 'Groups, from outside',
    about: 'A group with a link, and with somebody who asks to join.',
    situations: situations.groupOutsiders,
    rows: readTable(matrix.groupOutsiders, situations.groupOutsiders),
  },
  {
    title: 'Groups, for their members',
    about: 'The same group, for those who do not own it.',
    situations: situations.groupMembers,
    rows: readTable(matrix.groupMembers, situations.groupMembers),
  },
  {
    title: 'Groups, for their owner',
    about: 'The same group.',
    situations: situations.groupOwners,
    rows: readTable(matrix.groupOwners, situations.groupOwners),
  },
]
