<?php
// A file outside the plugin.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/../../../wp-load.php';
