import { attack } from './suite.ts'

attack(15)
