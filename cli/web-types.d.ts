/** Types of the web platform that Node's own leave out, for the code of src that commands share with the Worker. */
type TextDecoder = import('node:util').TextDecoder;
