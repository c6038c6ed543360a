// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tensors

/// What training leaves of one task and a bundle stores: settings as JSON, weights as tensors.
package struct TaskParameters: Sendable {
    /// A JSON object; the task that wrote it reads it (labels, thresholds, feature version).
    package var settings: Data
    /// Weights by name, for example `weights` [K, buckets].
    package var tensors: [String: Tensor]

    /// Parameters.
    package init(settings: Data, tensors: [String: Tensor]) {
        self.settings = settings
        self.tensors = tensors
    }
}

/// A task whose parameters come out of a bundle.
package protocol TaskModel: Sendable {
    /// The task's name in `shoken.json`, for example `entities`.
    static var taskName: String { get }
    /// Reads the parameters; throws `TaskParameterError` naming the field that does not fit.
    init(parameters: TaskParameters) throws
    /// The parameters to store.
    func parameters() throws -> TaskParameters
}

/// What was wrong with stored parameters of a task.
package enum TaskParameterError: Error, Equatable {
    case settings(task: String, field: String)
    /// The head was fitted with the trunk's states, of that width, which this task is never given.
    case statesNotServed(task: String, width: Int)
    case missingTensor(task: String, tensor: String)
    case shape(task: String, tensor: String, expected: [Int], found: [Int])
}
