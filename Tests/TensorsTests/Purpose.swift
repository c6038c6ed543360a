// Tests of Tensors: tensors, matrix products, element-wise operations, threads.
