/** Constants of WebGPU, which exist only where WebGPU does (https://gpuweb.github.io/gpuweb/#namespacedef-gpubufferusage). */
export const USAGE = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const;
/** GPUMapMode.READ */
export const MAP_READ = 1;
/** GPUShaderStage.COMPUTE */
export const COMPUTE = 4;
