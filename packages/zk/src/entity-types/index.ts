/**
 * The 16 kinds of entity, their four categories, and sets of them as masks.
 *
 * @module
 */
export { CATEGORIES, type Category, isCategory } from './categories.js';
export { entityTypeByCode, entityTypeByNumber } from './lookup.js';
export { typeMask, typesOfMask } from './mask.js';
export { ENTITY_TYPES, type EntityType, type EntityTypeCode } from './table.js';
