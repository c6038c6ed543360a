// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A network whose parameters are to be trained: what it holds, and the loss of a batch.
///
/// An implementation describes a forward pass with the operations of a tape; the way back follows.
package protocol TrainedNetwork: Sendable {
    /// What goes through the network together.
    associatedtype Batch: Sendable

    /// The parameters that are trained.
    var layout: ParameterLayout { get }

    /// What the summed loss of a step is divided by: a batch's number of targets as a rule.
    func targetCount(of batch: Batch) -> Double

    /// Computes a batch on a tape and returns its summed loss; gradients are those of loss · factor.
    ///
    /// - Parameter dropout: share that is dropped where the network drops, 0 for nowhere.
    func loss(of batch: Batch, on tape: Tape, factor: Float, dropout: Float) -> Double
}
