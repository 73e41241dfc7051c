// The one entry point of the bundle.
export {};
