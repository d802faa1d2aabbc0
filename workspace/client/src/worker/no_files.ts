// The decoder's package asks for Node's file system where it finds one; a worker has none.
export default {};
