/** 8-4-4-4-12 hex digits of any version, in either case (RFC 9562 §4). */
export const UUID_PATTERN = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
