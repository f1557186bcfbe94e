import Type, { type Static } from 'typebox';
import { Category, EntityType, TypeCode } from './primitives.js';

/** `GET /api/v1/types` */
export const EntityTypes = Type.Object({
  types: Type.Array(
    Type.Object({
      code: EntityType,
      hex: Type.String({ pattern: '^0x[0-9A-F]{4}$' }),
      numeric: TypeCode,
      name: Type.String(),
      phonetic: Type.String({ description: 'Said aloud instead of the code.' }),
      category: Category,
    }),
  ),
  categories: Type.Record(Category, Type.String()),
});
export type EntityTypes = Static<typeof EntityTypes>;
