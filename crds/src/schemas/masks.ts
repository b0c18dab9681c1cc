/** AccessPolicy.spec.masks and rowFilters: what must not be seen. */
import { choice, count, flag, list, object, type Schema, text } from './build.ts'
import { re2 } from './common.ts'
import { rules } from './rules.ts'

const path = text('A path: `$.card.number`, `$.items[*].price`.', 512)
const paths = (description: string): Schema => list(description, path, 64, { minItems: 1 })
const empty = (name: string, description: string): Schema => object(name, description, {})

const mask = object(
  'MaskWith',
  'How: exactly one.',
  {
    redact: empty('Redact', 'Text becomes a fixed word, everything else NULL.'),
    setNull: empty('SetNull', 'NULL.'),
    constant: object(
      'Constant',
      'The same value everywhere.',
      {
        value: {
          description: "The value, in the column's own notation.",
          'x-kubernetes-int-or-string': true,
          maxLength: 1024,
        },
      },
      { required: ['value'] },
    ),
    partial: object('Partial', 'The ends stay, the middle becomes a fixed number of mask characters.', {
      keepFirst: count('Characters kept at the beginning.', 0, 64, { default: 0 }),
      keepLast: count('Characters kept at the end.', 0, 64, { default: 0 }),
      char: text('The mask character.', 1, { default: '*' }),
    }),
    emailDomain: empty('EmailDomain', 'Only the domain of an address stays.'),
    hash: empty('Hash', 'A keyed hash: equal values stay equal, within one gateway.'),
    bucket: object(
      'Bucket',
      'Numbers become the lower end of their bucket.',
      { width: { type: 'number', description: 'Width of a bucket.', minimum: 0.000001, maximum: 1e15 } },
      { required: ['width'] },
    ),
    truncate: object(
      'Truncate',
      'Dates and timestamps are cut.',
      {
        to: choice('To the beginning of its:', [
          'minute',
          'hour',
          'day',
          'week',
          'month',
          'quarter',
          'year',
          'decade',
          'century',
        ]),
      },
      { required: ['to'] },
    ),
    jsonPaths: object(
      'JsonPaths',
      'Inside json and jsonb: redact these paths, or keep only these.',
      { redact: paths('Paths to redact.'), keep: paths('Paths to keep; everything else is redacted.') },
      { rules: [rules.redactOrKeep] },
    ),
  },
  { rules: [rules.oneMask] },
)

const detectors = [
  'CreditCard',
  'Email',
  'USSocialSecurityNumber',
  'IBAN',
  'Phone',
  'IPAddress',
  'JWT',
  'PrivateKey',
  'CloudAccessKey',
]

const detector: Schema = {
  description: 'The name of a detector, or one of your own as {name, pattern}.',
  'x-kubernetes-preserve-unknown-fields': true,
  'x-sallyport-either': {
    string: choice('A detector.', detectors),
    object: object(
      'CustomDetector',
      'A detector of your own.',
      {
        name: text('Its name.', 63, { pattern: '^[A-Za-z][A-Za-z0-9]*$' }),
        pattern: re2('What it looks for, as RE2.'),
      },
      { required: ['name', 'pattern'] },
    ),
  },
}

export const masks = list(
  'What is hidden. Of several masks on a column the strictest holds.',
  object(
    'Mask',
    'One mask: of declared columns, or of what detectors find anywhere.',
    {
      columns: list(
        'Columns, as `schema.table.column`; `*` stands for any run of characters.',
        text('Columns.', 200),
        256,
        { minItems: 1 },
      ),
      detect: list('Detectors. They prevent accidents, not intent.', detector, 32, { minItems: 1 }),
      with: mask,
      uniquenessVisible: flag('Writing the column may tell whether a value exists (unique violation).'),
      membershipVisible: flag('Bounds of a partition may tell about a masked partition key.'),
      hideNulls: flag('NULL is masked too.'),
    },
    { required: ['with'], rules: [rules.columnsOrDetect] },
  ),
  128,
  { default: [] },
)

export const rowFilters = list(
  'Rows that are there at all. Several filters on one table must all hold.',
  object(
    'RowFilter',
    'One filter.',
    {
      tables: list('Tables, as `schema.table`.', text('Tables.', 200), 256, { minItems: 1 }),
      where: text('SQL, boolean, over the columns of the table, with `$claims.NAME`.', 4096),
    },
    { required: ['tables', 'where'] },
  ),
  128,
  { default: [] },
)
