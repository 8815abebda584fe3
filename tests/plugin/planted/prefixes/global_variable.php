<?php
// A variable of the whole site.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

$path = plugin_dir_path( __FILE__ );
