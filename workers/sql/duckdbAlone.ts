/**
 * Evaluated before DuckDB's script: it is told not to write to the console, as errors of queries are answers, and it has nothing to ask
 * other hosts with (it would get files and extensions by `XMLHttpRequest`). Its own module comes by `fetch`.
 */
console.log = () => {};
Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
Reflect.deleteProperty(globalThis, 'WebSocket');

export {};
