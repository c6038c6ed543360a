// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What `lstat(2)` says of a path; a link is described itself, never what it points to.
package struct FileFacts: Hashable, Sendable {
    /// The kinds of thing that a name can stand for.
    package enum Kind: String, Hashable, Sendable {
        case regularFile = "regular file"
        case directory
        case symbolicLink = "symbolic link"
        case special
    }

    /// What it is.
    package let kind: Kind
    /// Its size in bytes.
    package let size: Int
    /// When its content last changed, in nanoseconds since 1970.
    package let modifiedNanoseconds: Int64
    /// When its content, name or rights last changed by the kernel's own account, in nanoseconds since 1970.
    package let changedNanoseconds: Int64
    /// Its inode number.
    package let inode: UInt64
    /// The device that its file system is on.
    package let device: UInt64

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regularFile
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        default: kind = .special
        }
        size = Int(status.st_size)
        modifiedNanoseconds =
            Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        changedNanoseconds =
            Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
    }
}
