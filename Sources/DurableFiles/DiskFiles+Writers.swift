// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension DiskFiles {
    /// Whether any process has a file open for writing; nil where that cannot be told.
    ///
    /// A read lease (fcntl(2), F_SETLEASE) is granted only while nobody has the file open for writing;
    /// it is asked for and given back at once. The kernel refuses to ask for one on a file of another
    /// user without CAP_LEASE, and network file systems know only their own machine's writers or
    /// refuse every lease, so those are not asked.
    package func isBeingWritten(_ path: FilePath) throws(FileError) -> Bool? {
        let file = try Descriptor.regularFile(path)
        guard Self.localFileSystems.contains(shoken_file_system(file.number)) else { return nil }
        // Somebody may open it for writing while we hold the lease: the signal that then comes is
        // SIGIO, which would end us; SIGURG is ignored by default.
        guard fcntl(file.number, setLeaseSignal, SIGURG) == 0 else { return nil }
        if fcntl(file.number, setLease, F_RDLCK) == 0 {
            _ = fcntl(file.number, setLease, F_UNLCK)
            return false
        }
        return errno == EAGAIN ? true : nil
    }

    /// ext2 to ext4, XFS, Btrfs, F2FS, tmpfs and overlayfs, by the numbers of statfs(2).
    private static var localFileSystems: Set<Int> {
        [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x0102_1994, 0x794C_7630]
    }
}

/// `F_SETLEASE` and `F_SETSIG` of `<linux/fcntl.h>` and `<bits/fcntl-linux.h>`, which Swift's Glibc leaves out.
private let setLease: Int32 = 1024
private let setLeaseSignal: Int32 = 10
