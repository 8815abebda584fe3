// What the back office does for Doorstep's page in its frame: hands out fresh tokens, and keeps the address
// bar at the page that the frame shows. It listens to that frame and that origin alone.
( () => {
	'use strict';
	const frame = document.querySelector( 'iframe.doorstep-frame' );
	if ( ! frame ) {
		return;
	}
	const { origin, token: tokenAddress, home } = frame.dataset;

	const answerWithToken = async () => {
		const answer = await fetch( tokenAddress, { method: 'POST', cache: 'no-store', credentials: 'same-origin' } );
		if ( ! answer.ok ) {
			return;
		}
		const { token } = await answer.json();
		frame.contentWindow.postMessage( { type: 'doorstep:token', token }, origin );
	};

	const show = ( path ) => {
		const address = new URL( home, location.href );
		if ( path !== '/' ) {
			address.searchParams.set( 'path', path );
		}
		history.replaceState( null, '', address );
	};

	addEventListener( 'message', ( event ) => {
		if ( event.origin !== origin || event.source !== frame.contentWindow || ! event.data ) {
			return;
		}
		if ( event.data.type === 'doorstep:token' ) {
			answerWithToken();
		}
		if ( event.data.type === 'doorstep:path' && /^\/[\w\-./]*$/.test( event.data.path ) ) {
			show( event.data.path );
		}
	} );
} )();
