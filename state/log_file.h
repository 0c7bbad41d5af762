#pragma once
// LogFile: writes a commit's frames into the write-ahead log in one go. SQLite hands over each frame in two pieces of a
// page's size at most; a layer between it and the system keeps them until the commit's last one is there, so that a
// turn's commit is one system call instead of some twenty.
//
// Only for a connection that does not spill: all frames of a transaction are then written within its COMMIT, whose last
// one passes them on and tells what became of that, before other connections see any of them. Frames of a transaction
// that is undone after a spill would otherwise be passed on later, over those of somebody else. What a frame is, and
// which one is a commit's last, is told by the file format
// (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).

#include <string>

namespace omenia::state {

// The name to open databases by. Files are those of SQLite's default layer at the time of their opening.
const char* log_layer();

}  // namespace omenia::state
