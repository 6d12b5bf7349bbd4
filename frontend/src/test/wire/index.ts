/** Documents as the server sends them; a test names only what it is about. */
export * from './others';
export * from './runs';
export * from './tasks';
