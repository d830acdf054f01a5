# What a hostile root inside of a container tries. `perl attempts NAME ARGUMENT...` prints `held` or `open: WHAT`.
# Nothing is done to a host that lets it: files are opened for writing and nothing is written, a clock is set to what it
# shows. Numbers of system calls are those of x86-64; nothing but the interpreter is needed.

my ($MS_RDONLY, $MS_REMOUNT, $MS_BIND, $NEWNS, $NEWUSER, $NEWPID) = (1, 32, 4096, 0x20000, 0x10000000, 0x20000000);
my %number = (
    ptrace => 101, syslog => 103, adjtimex => 159, settimeofday => 164, mount => 165, swapon => 167, swapoff => 168,
    reboot => 169, iopl => 172, init_module => 175, delete_module => 176, clock_settime => 227, kexec_load => 246,
    add_key => 248, keyctl => 250, unshare => 272, open_by_handle_at => 304, finit_module => 313, kexec_file_load => 320,
    mknod => 133, socket => 41, umount2 => 166,
);

# Pointers must be strings, and numbers must be numbers.
sub call { my ($name, @args) = @_; return syscall($number{$name}, @args); }
sub mounted { my ($source, $target, $type, $flags, $data) = @_; mkdir $target;
    return call('mount', $source, $target, $type, $flags // 0, $data // "") == 0; }
sub writable { my ($path) = @_; my $file; return open($file, '+<', $path) || open($file, '>>', $path) ? $path : undef; }
# Whether the last call was answered with this error: 1 is EPERM, 38 ENOSYS.
sub refused { my ($result, $errno) = @_; return $result == -1 && $! + 0 == $errno; }
sub names { my ($path) = @_; opendir(my $all, $path) or return (); return grep { !/^\.\.?$/ } readdir $all; }
sub first(&@) { my ($try, @all) = @_; for (@all) { my $found = $try->($_); return $found if $found } return undef; }

my @KNOBS = qw(kernel/core_pattern kernel/modprobe kernel/hotplug kernel/sysrq kernel/panic vm/drop_caches vm/overcommit_memory
    fs/file-max fs/binfmt_misc/register);
my @KERNEL = qw(uevent_helper mm/ksm/run profiling kexec_crash_size);

# A file system of the kernel made anew, then one of its files opened for writing.
sub anew { my ($type, @files) = @_; my $at = "/tmp/$type"; return undef unless mounted($type, $at, $type);
    return first { writable("$at/$_[0]") } @files; }

sub device { my ($kind, $major, $minor) = @_; my $node = "/tmp/node$major.$minor"; unlink $node;
    return undef if call('mknod', $node, ($kind eq 'b' ? 0x6000 : 0x2000) | 0666, $major * 256 + $minor + 0) != 0;
    return open(my $file, '<', $node) ? $node : undef; }

my %attempts = (
    disk_node => sub { device('b', @_) },
    disk_mount => sub { my ($major, $minor) = @_; device('b', $major, $minor);
        return first { mounted("/tmp/node$major.$minor", '/tmp/disk', $_[0], $MS_RDONLY) ? $_[0] : undef } qw(ext4 xfs btrfs); },
    mem => sub { device('c', 1, 1) },
    port => sub { device('c', 1, 4) },
    kmsg => sub { device('c', 1, 11) },
    loop_control => sub { device('c', 10, 237) },
    tap => sub { device('c', 10, 200) },
    own_devices => sub { first { -e $_[0] ? $_[0] : undef } qw(/dev/mem /dev/kmsg /dev/sda /dev/vda /dev/kvm /dev/loop-control) },
    proc_knobs => sub { first { writable("/proc/sys/$_[0]") } @KNOBS },
    sysrq => sub { writable('/proc/sysrq-trigger') },
    sys_knobs => sub { first { writable("/sys/kernel/$_[0]") } @KERNEL },
    proc_anew => sub { anew('proc', 'sysrq-trigger', map { "sys/$_" } @KNOBS) },
    sys_anew => sub { anew('sysfs', map { "kernel/$_" } @KERNEL) },
    proc_remount => sub { call('mount', '', '/proc/sys', '', $MS_REMOUNT | $MS_BIND, '');
        return first { writable("/proc/sys/$_[0]") } @KNOBS; },
    sys_remount => sub { call('mount', '', '/sys', '', $MS_REMOUNT | $MS_BIND, ''); call('mount', '', '/sys', '', $MS_REMOUNT, '');
        return first { writable("/sys/kernel/$_[0]") } @KERNEL; },
    debugfs => sub { first { mounted($_[0], "/tmp/$_[0]", $_[0]) ? $_[0] : undef } qw(debugfs tracefs securityfs pstore efivarfs) },
    bpf => sub { mounted('bpf', '/tmp/bpf', 'bpf') && -e '/tmp/bpf/maps.debug' ? 'bpf' : undef },
    release_agent => sub {
        for my $type (qw(memory cpu pids devices freezer rdma misc name=tried)) {
            my $data = $type =~ /=/ ? "none,$type" : $type;
            mounted('cgroup', "/tmp/cg-$type", 'cgroup', 0, $data) or next;
            my $found = writable("/tmp/cg-$type/release_agent");
            return $found if $found;
        }
        return undef; },
    # Every limit that can be reached is raised; outside is looked whether it is.
    raise_limits => sub {
        mounted('cgroup2', '/tmp/unified', 'cgroup2');
        mounted('cgroup', "/tmp/v1-$_", 'cgroup', 0, $_) for qw(memory cpu pids cpuset devices);
        my %raised = ('memory.max' => 'max', 'memory.limit_in_bytes' => '-1', 'memory.memsw.limit_in_bytes' => '-1',
            'cpu.max' => 'max', 'cpu.cfs_quota_us' => '-1', 'pids.max' => 'max', 'devices.allow' => 'a', 'cpuset.cpus' => '0-63');
        for my $base ('/sys/fs/cgroup', (map { "/sys/fs/cgroup/$_" } names('/sys/fs/cgroup')), map { "/tmp/$_" } names('/tmp')) {
            for my $up ('', '/..', '/../..') {
                for my $file (keys %raised) {
                    open(my $out, '>', "$base$up/$file") or next;
                    syswrite($out, $raised{$file});
                }
                open(my $out, '>', "$base$up/cgroup.procs") or next;
                syswrite($out, $$);
            }
        }
        return device('b', @_); },
    read_only => sub { my ($path) = @_; call('mount', '', $path, '', $MS_REMOUNT | $MS_BIND, '');
        call('mount', '', $path, '', $MS_REMOUNT, '');
        return writable("$path/file"); },
    unmount_cover => sub { for my $path ('/proc/sys', '/proc/sysrq-trigger', '/sys') { my $copy = $path; call('umount2', $copy, 2) }
        return writable('/proc/sysrq-trigger') || first { writable("/proc/sys/$_[0]") } @KNOBS; },
    handle => sub { my $handle = pack('Ii', 8, 1) . pack('II', 2, 0);
        opendir(my $root, '/') or return 'no root';
        my $fd = call('open_by_handle_at', 3, $handle, 0);
        return refused($fd, 1) ? undef : "answer $fd: $!"; },
    signal => sub { my ($pid) = @_; return kill(0, $pid) ? "reached process $pid" : undef; },
    processes => sub { my @all = grep { /^\d+$/ } names('/proc'); return @all > 40 ? scalar(@all) : undef; },
    modules => sub { my ($no, $args) = ("\0" x 64, '');
        return refused(call('init_module', $no, 64, $args), 1) && refused(call('finit_module', 0, $args, 0), 1)
            && refused(call('delete_module', my $name = 'loop', 0), 1) ? undef : "answer: $!"; },
    clock => sub { my $now = pack('qq', time, 0);
        return call('settimeofday', $now, 0) == 0 || call('clock_settime', 0, $now) == 0 ? 'set' : undef; },
    clock_pace => sub { my $timex = pack('Ix4q', 0x4000, 10000) . "\0" x 512; return call('adjtimex', $timex) >= 0 ? 'set' : undef; },
    kexec => sub { my $no = '';
        return refused(call('kexec_load', 0, 0, 0, 0), 1) && refused(call('kexec_file_load', -1, -1, 1, $no, 0), 1) ? undef : "answer: $!"; },
    swap => sub { return refused(call('swapoff', '/no/such'), 1) && refused(call('swapon', '/no/such', 0), 1) ? undef : "answer: $!"; },
    ports => sub { return call('iopl', 3) == 0 ? 'iopl' : undef; },
    keys => sub { my $ring = call('keyctl', 0, -4, 1); return refused($ring, 38) ? undef : "answer $ring: $!"; },
    user_keys => sub { my ($type, $name) = ('user', 'pleiad-probe');
        # Searched for in the ring of the user: whoever has the same number elsewhere may have put it there.
        my $found = call('keyctl', 10, -4, $type, $name, 0); return $found != -1 ? "key $found" : undef; },
    put_key => sub { my ($type, $name, $data) = ('user', 'pleiad-probe', 'x'); return call('add_key', $type, $name, $data, 1, -4) != -1 ? 'put' : undef; },
    crypto => sub { return call('socket', 38, 5, 0) != -1 ? 'AF_ALG' : undef; },
    nested => sub {
        # Processes and mounts of its own as a container in the container would have: proc made anew.
        return undef if call('unshare', $NEWUSER | $NEWNS | $NEWPID) != 0;
        my $pid = fork;
        if (!$pid) { exit(mounted('proc', '/tmp/nested', 'proc') ? 0 : 1); }
        waitpid($pid, 0); return $? == 0 ? 'proc of its own' : undef; },
    fuse => sub { open(my $fuse, '+<', '/dev/fuse') or return undef; my $fd = fileno($fuse);
        return mounted('x', '/tmp/fuse', 'fuse', 0, "fd=$fd,rootmode=40000,user_id=0,group_id=0") ? 'mounted' : undef; },
    filter => sub { open(my $status, '<', '/proc/self/status'); my ($mode) = map { /^Seccomp:\s+(\d)/ } <$status>; return $mode == 2 ? undef : "mode $mode"; },
    power => sub { call('reboot', 0xfee1dead, 672274793, hex($_[0]) + 0, 0); return "answer: $!"; },
    share => sub { my $until = time + 3; my $sum = 0; while (time < $until) { $sum++ for 1 .. 10000 } my ($used) = times; return "$used"; },
    bomb => sub { my $until = time + 4; while (time < $until) { my $pid = fork; if (defined $pid && !$pid) { sleep 600; exit } } return 'done'; },
);

my $name = shift @ARGV;
my $found = $attempts{$name}->(map { /^\d+$/ ? $_ + 0 : $_ } @ARGV);
print defined $found && $found ne '' ? "open: $found\n" : "held\n";
