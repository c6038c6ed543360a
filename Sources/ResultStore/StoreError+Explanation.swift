// SPDX-License-Identifier: Apache-2.0
package import Faults

extension StoreError: Explained {
    /// What the database refuses, with SQLite's code where there is one.
    package var explanation: String {
        switch self {
        case .cannotOpen(let file, let detail): "cannot open the database \(file): \(detail)"
        case .busy, .outdated: "the database is in use by another program; try again"
        case .diskFull: "the disk under the database is full"
        case .disk(let code): "the database cannot be read or written (SQLite code \(code))"
        case .statement(let detail): "the statement cannot be run: \(detail)"
        case .database(let code, let detail):
            "the database failed (SQLite code \(code)): \(detail)"
        }
    }

    /// Busy databases and full disks pass.
    package var disposition: Disposition {
        switch self {
        case .cannotOpen: .noInput
        case .busy, .outdated: .tryAgain
        case .diskFull, .disk: .inputOutput(mayPass: true)
        case .statement: .usage
        case .database: .software
        }
    }
}
