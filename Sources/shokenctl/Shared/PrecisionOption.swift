import ArgumentParser
import Tensors

extension Precision: ExpressibleByArgument {}
