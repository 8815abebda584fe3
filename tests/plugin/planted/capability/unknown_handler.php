<?php
// Nobody can say who answers.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_doorstep_leave', apply_filters( 'doorstep_handler', 'leave' ) );
